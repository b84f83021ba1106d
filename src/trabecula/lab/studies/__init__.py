"""Published studies as virtual trials, and how far the model lies from what they printed."""

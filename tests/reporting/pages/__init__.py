"""The pages for the clinician and the person, and what they are made of."""

"""What `import trabecula as tb` shows: thin functions on the rooms below, results with frames and pictures, errors."""

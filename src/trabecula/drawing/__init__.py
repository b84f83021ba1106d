"""What pictures and pages are made of, for reports and the lab alike: style, pictures, blocks of a page."""

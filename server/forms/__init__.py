"""form-js schemas: what a page needs to draw a form, and the check of its answers."""

"""HTTP: pages, forms and the JSON API."""

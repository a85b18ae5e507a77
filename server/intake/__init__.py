"""Files that départements receive (CSV, XLSX) to typed rows and row errors."""

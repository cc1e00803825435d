"""The shapes of the HTTP interface, a file for each noun. They change with a changelog line."""

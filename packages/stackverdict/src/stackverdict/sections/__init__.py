"""One module for each section of the report; each turns the model into rows."""

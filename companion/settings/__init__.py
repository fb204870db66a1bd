"""Files a person may edit, checked at the door with pydantic and handed inward as plain data."""

"""Tools that do not speak the profile, met as if they did."""

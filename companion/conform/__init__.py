"""Whether a tool keeps the Massage Tool Profile: every rule that can be tried over the air."""

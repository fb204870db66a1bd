"""The tool in the house: states, alerts and summaries to an MQTT broker, and commands back."""

"""The Bluetooth edge: scanning, pairing, the link to one tool and its clock."""

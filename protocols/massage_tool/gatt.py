"""UUIDs and ATT error codes of the Massage Tool Profile, version 1."""

from typing import Final


def _tool(number: int) -> str:
    return f"49a8{number:04x}-65e2-403e-8caf-55379131bde0"


def _assigned(number: int) -> str:
    """Return a UUID assigned by the Bluetooth SIG (Assigned Numbers, Bluetooth base UUID)."""
    return f"{number:08x}-0000-1000-8000-00805f9b34fb"


MASSAGE_TOOL_SERVICE: Final = _tool(0)
TOOL_FEATURE: Final = _tool(1)
TELEMETRY: Final = _tool(2)
CONTROL_POINT: Final = _tool(3)
TOOL_EVENT: Final = _tool(4)

BATTERY_SERVICE: Final = _assigned(0x180F)
BATTERY_LEVEL: Final = _assigned(0x2A19)
DEVICE_INFORMATION_SERVICE: Final = _assigned(0x180A)
MODEL_NUMBER: Final = _assigned(0x2A24)
SERIAL_NUMBER: Final = _assigned(0x2A25)
FIRMWARE_REVISION: Final = _assigned(0x2A26)
MANUFACTURER_NAME: Final = _assigned(0x2A29)
IMMEDIATE_ALERT_SERVICE: Final = _assigned(0x1802)
ALERT_LEVEL: Final = _assigned(0x2A06)
INDUSTRIAL_MEASUREMENT_SERVICE: Final = _assigned(0x185A)
FORCE: Final = _assigned(0x2C07)
ROTATIONAL_SPEED: Final = _assigned(0x2C09)

INSUFFICIENT_AUTHENTICATION: Final = 0x05
INSUFFICIENT_ENCRYPTION: Final = 0x0F
CCCD_IMPROPERLY_CONFIGURED: Final = 0xFD
PROCEDURE_IN_PROGRESS: Final = 0xFE

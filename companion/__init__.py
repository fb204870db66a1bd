"""The companion: pairs with a smart massage tool, guides a routine and warns when the pressure is too much."""

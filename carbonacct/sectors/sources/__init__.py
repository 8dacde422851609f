"""Sources other than fuels: activity tables and equations of a method -> entries."""

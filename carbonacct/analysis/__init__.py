"""What drives emissions, where they are heading and whether targets are met: functions on anyone's labelled tables."""

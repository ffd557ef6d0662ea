"""办理动作: one file for each thing that people do to a case, named for its verb."""

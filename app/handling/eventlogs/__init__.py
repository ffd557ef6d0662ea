"""事件日志: the acts of many cases for programs of process mining, read from the record."""

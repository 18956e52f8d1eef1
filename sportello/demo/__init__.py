"""The demo desk: an invented heating firm on a busy morning, so that the first look is a real one."""

# See common.gypi.
{ }

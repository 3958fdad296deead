# Given to node-gyp as --nodedir: it compiles nothing here (binding.gyp has one target of type
# none) and then has no reason to download Node's headers.
{ }

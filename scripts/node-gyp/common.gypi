# Stands in for Node's build settings, so that node-gyp has no reason to download its headers.
{ }

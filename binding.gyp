# For npm install and node-gyp: hands over to the real build, described in CMakeLists.txt.
{
  'targets': [
    {
      'target_name': 'distarray',
      'type': 'none',
      'actions': [
        {
          'action_name': 'build_native',
          'inputs': [],
          # Never made, so that the action always runs; the script finds out what is to be done.
          'outputs': ['<(module_root_dir)/build/always'],
          'action': ['node', 'scripts/build-native.mjs'],
        }
      ],
    }
  ]
}

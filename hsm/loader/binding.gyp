{
  "targets": [{
    "target_name": "pfcng_p11_loader",
    "type": "loadable_module",
    "sources": ["loader.c", "signing.c"],
    "include_dirs": ["<!(node -p \"require('path').join(require.resolve('pkcs11js/package.json'), '../includes/pkcs11')\")"],
    "conditions": [
      ["OS=='linux'", { "libraries": ["-ldl", "-pthread"], "cflags": ["-O2", "-Wall", "-Wextra", "-pthread"] }]
    ]
  }]
}

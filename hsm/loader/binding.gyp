{
  "targets": [{
    "target_name": "pfcng_p11_loader",
    "type": "loadable_module",
    "sources": ["loader.c"],
    "conditions": [
      ["OS=='linux'", { "libraries": ["-ldl"], "cflags": ["-O2", "-Wall", "-Wextra"] }]
    ]
  }]
}

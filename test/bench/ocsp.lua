-- For wrk: asks for the status of one certificate after the other. PFCNG_BENCH_REQUESTS names a file with one request a
-- line: a path to GET, or the DER to POST in hex. PFCNG_BENCH_NONCE says how many octets at its end are a nonce, which is another each time.
local requests = {}
local bodies = {}
local nonce = tonumber(os.getenv("PFCNG_BENCH_NONCE") or "0")
local headers = { ["Content-Type"] = "application/ocsp-request" }

function init()
  for line in io.lines(os.getenv("PFCNG_BENCH_REQUESTS")) do
    if line:sub(1, 1) == "/" then
      requests[#requests + 1] = wrk.format("GET", line)
    else
      local body = line:gsub("%x%x", function(octet) return string.char(tonumber(octet, 16)) end)
      bodies[#bodies + 1] = body:sub(1, #body - nonce)
      requests[#requests + 1] = wrk.format("POST", "/ocsp", headers, body)
    end
  end
end

local at = 0

function request()
  at = at % #requests + 1
  if nonce > 0 then
    local octets = {}
    for octet = 1, nonce do octets[octet] = string.char(math.random(0, 255)) end
    return wrk.format("POST", "/ocsp", headers, bodies[at] .. table.concat(octets))
  end
  return requests[at]
end

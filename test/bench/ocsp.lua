-- For wrk: asks for the status of one certificate after the other. PFCNG_BENCH_REQUESTS names a file with one request a
-- line: a path to GET, or the DER to POST in hex.
local requests = {}

function init()
  for line in io.lines(os.getenv("PFCNG_BENCH_REQUESTS")) do
    if line:sub(1, 1) == "/" then
      requests[#requests + 1] = wrk.format("GET", line)
    else
      local body = line:gsub("%x%x", function(octet) return string.char(tonumber(octet, 16)) end)
      requests[#requests + 1] = wrk.format("POST", "/ocsp", { ["Content-Type"] = "application/ocsp-request" }, body)
    end
  end
end

local at = 0

function request()
  at = at % #requests + 1
  return requests[at]
end

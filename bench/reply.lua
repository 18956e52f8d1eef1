-- One reply after the other, to these tickets in turn: wrk -s reply.lua URL -- COOKIE TOKEN NUMBER NUMBER ...
local cookie, token, tickets, at
function init(args)
  cookie, token, tickets, at = args[1], args[2], { unpack(args, 3) }, 0
end
function request()
  at = at + 1
  local number = tickets[at % #tickets + 1]
  local body = "kind=reply&anyway=1&text=We+looked+into+this,+and+the+valve+in+the+cellar+is+set+as+it+should+be+now.+" .. at
  local headers = { ["Cookie"] = cookie .. "; csrftoken=" .. token, ["X-CSRFToken"] = token,
    ["Content-Type"] = "application/x-www-form-urlencoded" }
  return wrk.format("POST", wrk.path .. number .. "/messages/", headers, body)
end

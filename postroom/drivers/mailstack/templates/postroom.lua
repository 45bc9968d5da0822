-- What Postroom wants of Rspamd beyond the score: headers that Sieve compares with each recipient's settings, an answer
-- to the sender where a single recipient wants spam refused, and nothing signed or refused from an empty Redis.

local lua_redis = require "lua_redis"
local logger = require "rspamd_logger"
local ucl = require "ucl"

local NAME = 'postroom'
local FILLED = 'postroom:filled'
local SELECTORS = 'DKIM_SELECTORS'
local REJECT_HEADER = 'X-Postroom-Reject'
local LATER = 'Try again later'
local MOST_STARS = 20
local FLAGGED_FROM = 6 -- the score that counts as spam where nobody says otherwise
local redis = lua_redis.parse_redis_server(NAME) or lua_redis.parse_redis_server('redis')

-- From people who signed in, and from our own Sieve scripts.
local function outgoing(task)
  return task:get_user() ~= nil
end

local function later(task, why)
  logger.errx(task, '%s', why)
  task:set_pre_result('soft reject', LATER, NAME)
end

local function ask_redis(task, key, command, arguments, answered)
  local sent = lua_redis.redis_make_request(task, redis, key, false, function(problem, data)
    if problem then
      later(task, 'Redis: ' .. tostring(problem))
    else
      answered(data)
    end
  end, command, arguments)
  if not sent then
    later(task, 'Redis cannot be asked')
  end
end

-- Redis that was emptied says nothing about keys that should be there; then mail waits until it is filled again.
local function when_filled(task, continue)
  ask_redis(task, FILLED, 'GET', { FILLED }, function(data)
    if type(data) == 'string' then
      continue()
    else
      later(task, FILLED .. ' is missing')
    end
  end)
end

rspamd_config:register_symbol({
  name = 'POSTROOM_OUTGOING',
  type = 'prefilter',
  priority = 10,
  flags = 'empty,nostat',
  callback = function(task)
    if outgoing(task) then
      when_filled(task, function() end)
    end
  end,
})

local signing_domain = (function()
@signing_domain@
end)()

-- A key that Redis did not hand over in time, or that signs nothing, must not mean that mail goes out unsigned.
rspamd_config:register_symbol({
  name = 'POSTROOM_SIGNED',
  type = 'postfilter',
  priority = 10,
  flags = 'empty,nostat',
  callback = function(task)
    local domain = outgoing(task) and signing_domain(task)
    if not domain or task:has_symbol('DKIM_SIGNED') then
      return
    end
    ask_redis(task, domain, 'HGET', { SELECTORS, domain }, function(selector)
      if type(selector) == 'string' then
        later(task, 'no signature of ' .. domain .. ', which has a key')
      end
    end)
  end,
})

-- * is any run of characters, + exactly one.
local function fits(pattern, address)
  local lua = pattern:lower():gsub('[%^%$%(%)%%%.%[%]%-%?]', '%%%0'):gsub('%+', '.'):gsub('%*', '.*')
  return address:match('^' .. lua .. '$') ~= nil
end

local function senders(task)
  local found, seen = {}, {}
  for _, kind in ipairs({ 'smtp', 'mime' }) do
    for _, from in ipairs(task:get_from({ kind, 'orig' }) or {}) do
      local address = (from.addr or ''):lower()
      if address ~= '' and not seen[address] then
        seen[address] = true
        found[#found + 1] = address
      end
    end
  end
  return found
end

-- Fields of simple patterns, which the hash finds by itself: the address, *@its.domain, *@*.its.parents.
local function simple_fields(addresses)
  local fields = {}
  for _, address in ipairs(addresses) do
    fields[#fields + 1] = 's:' .. address
    local domain = address:match('@([^@]*)$') or ''
    fields[#fields + 1] = 's:@' .. domain
    local parent = domain:match('^[^.]+%.(.+)$')
    while parent do
      fields[#fields + 1] = 's:@.' .. parent
      parent = parent:match('^[^.]+%.(.+)$')
    end
  end
  return fields
end

-- 'a' for allow, which wins, 'b' for block, or nil.
local function listed(data, addresses)
  local verdict
  for i = 3, #data do
    if data[i] == 'a' then
      return 'a'
    elseif data[i] == 'b' then
      verdict = 'b'
    end
  end
  local parser = ucl.parser()
  if type(data[2]) ~= 'string' or not parser:parse_string(data[2]) then
    return verdict
  end
  for _, glob in ipairs(parser:get_object()) do
    for _, address in ipairs(addresses) do
      if fits(glob[2], address) then
        if glob[1] == 'a' then
          return 'a'
        end
        verdict = 'b'
      end
    end
  end
  return verdict
end

local function refuse_spam(task, mailbox)
  local addresses = senders(task)
  local arguments = { 'reject:' .. mailbox, 'stars', 'globs' }
  for _, field in ipairs(simple_fields(addresses)) do
    arguments[#arguments + 1] = field
  end
  ask_redis(task, arguments[1], 'HMGET', arguments, function(data)
    local stars = type(data) == 'table' and type(data[1]) == 'string' and tonumber(data[1])
    if not stars then
      later(task, arguments[1] .. ' is missing')
      return
    end
    local verdict = listed(data, addresses)
    if verdict == 'a' then
      return
    end
    if verdict == 'b' then
      task:set_pre_result('reject', 'The recipient does not take mail from this sender', NAME)
    elseif task:get_metric_score('default')[1] >= stars then
      task:set_pre_result('reject', 'The recipient does not take spam', NAME)
    end
  end)
end

rspamd_config:register_symbol({
  name = 'POSTROOM_REJECT',
  type = 'postfilter',
  priority = 10,
  flags = 'empty,nostat',
  callback = function(task)
    if outgoing(task) then
      return
    end
    -- Postfix puts its own before all that the sender wrote.
    local mailbox = task:get_header(REJECT_HEADER)
    local recipients = task:get_recipients('smtp')
    if not mailbox or not mailbox:match('^%d+$') or not recipients or #recipients ~= 1 then
      return
    end
    when_filled(task, function() refuse_spam(task, mailbox) end)
  end,
})

-- Sieve trusts these names, so nobody else's stay.
local function spam_headers_of_the_sender(task)
  local remove = {}
  task:headers_foreach(function(name)
    if name:lower():match('^x%-spam') then
      remove[name] = 0
    end
  end)
  return remove
end

rspamd_config:register_symbol({
  name = 'POSTROOM_HEADERS',
  type = 'idempotent',
  flags = 'empty,nostat,explicit_disable,ignore_passthrough',
  callback = function(task)
    local add, remove = {}, {}
    if not outgoing(task) then
      remove = spam_headers_of_the_sender(task)
      local score = task:get_metric_score('default')[1]
      local stars = math.max(0, math.min(MOST_STARS, math.floor(score)))
      add['X-Spam-Score'] = string.format('%.2f', score)
      if stars > 0 then
        add['X-Spam-Level'] = string.rep('*', stars)
      end
      if score >= FLAGGED_FROM then
        add['X-Spam-Flag'] = 'YES'
      end
    end
    remove[REJECT_HEADER] = 0
    task:set_milter_reply({ add_headers = add, remove_headers = remove })
  end,
})

-- Whose key signs a message; nil for none. Who merely writes somebody's name into From gets no signature of theirs.
return function(task)
  local from
  for _, author in ipairs(task:get_from('mime') or {}) do
    local domain = (author.domain or ''):lower()
    if from and domain ~= from then
      return nil
    end
    from = domain
  end
  if not from then
    return nil
  end
  local user = task:get_user() or ''
  if user == 'reinjection' then
    -- What Sieve passes on came from anywhere. Its answers and our notices have nobody else's words in From.
    return not task:get_header('X-Sieve-Redirected-From') and from or nil
  end
  -- Postfix has seen to it that the envelope's sender is the user's; an empty one is nobody's.
  local sender = ((task:get_from('smtp') or {})[1] or {}).addr or ''
  if sender == '' then
    sender = user
  end
  return (sender:match('@([^@]*)$') or ''):lower() == from and from or nil
end

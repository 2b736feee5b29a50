# bash completion of authlog. Made by: authlog completion bash.
_authlog() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev= path= word= skip= bare= i
  local values= list= files= takes=
  ((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}
  # The shell cuts words at = (and :), so that --flag=value is three of them.
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' ]] && ((COMP_CWORD > 1)); then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ -n $skip ]]; then
      [[ $word == '=' ]] || skip=
      continue
    fi
    case $word in
      --) bare=1; break ;;
      -*) _authlog_flag "$path" "$word"; skip=$takes ;;
      =) ;;
      *)
        case $path:$word in
        :analyze) path=analyze ;;
        :events) path=events ;;
        :explain) path=explain ;;
        :redact) path=redact ;;
        :audit) path=audit ;;
        :ingest) path=ingest ;;
        :compare) path=compare ;;
        :merge) path=merge ;;
        :forget) path=forget ;;
        :issue) path=issue ;;
        :record) path=record ;;
        :verify-log) path=verify-log ;;
        :guard) path=guard ;;
        :serve) path=serve ;;
        :config) path=config ;;
        config:check) path=config/check ;;
        config:show) path=config/show ;;
        :completion) path=completion ;;
        esac
        ;;
    esac
  done
  values= list= files= takes=
  COMPREPLY=()
  if [[ -z $bare && $prev == -* ]]; then
    _authlog_flag "$path" "$prev"
    if [[ -n $takes ]]; then
      _authlog_reply "$cur"
      return
    fi
  fi
  values= list= files=
  if [[ -z $bare && $cur == -* ]]; then
    _authlog_flags "$path"
  else
    _authlog_words "$path"
  fi
  _authlog_reply "$cur"
}

# The words in values, the last one of a list with commas, or files.
_authlog_reply() {
  local cur=$1 before= line
  if [[ -n $list && $cur == *,* ]]; then
    before=${cur%,*},
    cur=${cur##*,}
  fi
  if [[ -n $values ]]; then
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(compgen -P "$before" -W "$values" -- "$cur")
  fi
  if [[ -n $files ]]; then
    type compopt &>/dev/null && compopt -o filenames 2>/dev/null
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(compgen -f -- "$cur")
  fi
}

# What a flag takes: values, list, files; takes is empty where it takes nothing.
_authlog_flag() {
  values= list= files= takes=
  case $1:$2 in
    analyze:--secret-file | analyze:--key | analyze:-o | analyze:--output | analyze:--config | events:--secret-file | events:--key | events:--pseudonym-key | events:-o | events:--output | events:--config | explain:--secret-file | explain:--key | explain:-o | explain:--output | explain:--config | redact:-o | redact:--output | redact:--config | audit:--secret-file | audit:--key | audit:--config | audit:--baseline | audit:--wordlist | audit:-o | audit:--output | ingest:--secret-file | ingest:--key | ingest:--pseudonym-key | ingest:--config | compare:--secret-file | compare:--key | compare:-o | compare:--output | compare:--config | merge:-o | merge:--output | merge:--config | forget:--pseudonym-key | forget:--config | issue:--key | issue:--secret-file | issue:--claims | issue:-o | issue:--output | issue:--record | issue:--config | record:--to | record:--secret-file | record:--key | record:--config | verify-log:--config | guard:--record | guard:--secret-file | guard:--key | guard:--rules | guard:--revocations | guard:--config | serve:--config | serve:--secret-file | serve:--key | serve:--rules | serve:--revocations | config/show:--config) takes=1 files=1 ;;
    analyze:--secret-env | analyze:--secret | analyze:--jwks | analyze:--issuer | analyze:--audience | analyze:--leeway | analyze:--now | analyze:--tz | analyze:--year | analyze:--since | analyze:--until | analyze:--pattern | analyze:--max-line | analyze:--max-token | analyze:--interval | analyze:--top | analyze:--max-users | analyze:--threads | events:--secret-env | events:--secret | events:--jwks | events:--issuer | events:--audience | events:--leeway | events:--now | events:--tz | events:--year | events:--since | events:--until | events:--pattern | events:--max-line | events:--max-token | events:--threads | explain:--secret-env | explain:--secret | explain:--jwks | explain:--issuer | explain:--audience | explain:--leeway | explain:--now | explain:--tz | explain:--year | explain:--since | explain:--until | explain:--pattern | explain:--max-line | explain:--max-token | explain:--threads | redact:--max-line | audit:--secret-env | audit:--secret | audit:--jwks | audit:--issuer | audit:--audience | audit:--leeway | audit:--now | audit:--tz | audit:--year | audit:--since | audit:--until | audit:--pattern | audit:--max-line | audit:--max-token | audit:--threshold | audit:--admin-user | audit:--trusted-proxy | audit:--lateness | audit:--learn | audit:--interval | audit:--top | audit:--threads | ingest:--secret-env | ingest:--secret | ingest:--jwks | ingest:--issuer | ingest:--audience | ingest:--leeway | ingest:--now | ingest:--tz | ingest:--year | ingest:--pattern | ingest:--max-line | ingest:--max-token | ingest:--store | ingest:--host | ingest:--poll | ingest:--threads | compare:--secret-env | compare:--secret | compare:--jwks | compare:--issuer | compare:--audience | compare:--leeway | compare:--now | compare:--tz | compare:--year | compare:--since | compare:--until | compare:--pattern | compare:--max-line | compare:--max-token | compare:--with | compare:--growth | compare:--least | compare:--top | compare:--threads | merge:--top | merge:--max-users | forget:--before | forget:--user | forget:--user-number | forget:--tz | issue:--secret-env | issue:--secret | issue:--kid | issue:--user-id | issue:--email | issue:--role | issue:--claim | issue:--issuer | issue:--audience | issue:--jti | issue:--expires-in | issue:--not-before | issue:--now | record:--token | record:--event | record:--field | record:--time | record:--secret-env | record:--secret | record:--jwks | record:--issuer | record:--audience | record:--leeway | verify-log:--expect | verify-log:--after | guard:--listen | guard:--metrics | guard:--trusted-proxy | guard:--envoy-prefix | guard:--max-connections | guard:--realm | guard:--secret-env | guard:--secret | guard:--jwks | guard:--issuer | guard:--audience | guard:--leeway | guard:--max-token | serve:--store | serve:--poll | serve:--tz | serve:--now | serve:--listen | serve:--public-url | serve:--trusted-proxy | serve:--secret-env | serve:--secret | serve:--jwks | serve:--issuer | serve:--audience | serve:--leeway | config/check:--now) takes=1 ;;
    analyze:--alg | events:--alg | explain:--alg | audit:--alg | ingest:--alg | compare:--alg | record:--alg | guard:--alg | serve:--alg) takes=1 values='HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519' list=1 ;;
    analyze:--clock | events:--clock | explain:--clock | audit:--clock | ingest:--clock | compare:--clock) takes=1 values='use now' ;;
    analyze:--user-claim | events:--user-claim | explain:--user-claim | redact:--drop-claims | audit:--user-claim | ingest:--user-claim | compare:--user-claim | guard:--user-claim | serve:--user-claim) takes=1 list=1 ;;
    analyze:--format) takes=1 values='table json ndjson csv markdown html tally' ;;
    analyze:--sort | merge:--sort) takes=1 values='tokens user valid expired rejected first-seen last-seen expiry' ;;
    analyze:--fail-on | merge:--fail-on) takes=1 values='valid expired not_yet_valid bad_signature alg_none alg_not_allowed unknown_key wrong_issuer wrong_audience malformed encrypted masked oversized unverified accepted_anyway duplicate_claim exp_looks_like_ms header_offers_key live_tokens no_expiry no_token weak_secret wrong_key' list=1 ;;
    analyze:--color | events:--color | explain:--color | redact:--color | audit:--color | ingest:--color | compare:--color | merge:--color) takes=1 values='auto always never' ;;
    events:--format) takes=1 values='ndjson ocsf ecs' ;;
    redact:--replace) takes=1 values='signature token' ;;
    redact:--anonymize-ip) takes=1 values='1 2 3' ;;
    audit:--enable | audit:--disable) takes=1 values='AL001 AL002 AL003 AL004 AL005 AL006 AL007 AL008 AL009 AL010 AL011 AL012 AL013 AL014 AL015 AL016 AL017 AL018 AL019 AL020 AL021 AL022 AL023 AL024 AL025 AL026 AL027 AL028 AL029 AL030' list=1 ;;
    audit:--level | audit:--fail-on) takes=1 values='info low medium high critical' ;;
    audit:--format) takes=1 values='table digest markdown html json ndjson sarif ocsf ecs' ;;
    merge:--format) takes=1 values='table json ndjson csv markdown html' ;;
    issue:--alg) takes=1 values='HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519' ;;
    issue:--generate-key) takes=1 values='hs256 hs384 hs512 rs256 es256 es384 es512 eddsa' ;;
    record:--format) takes=1 values='jsonl text' ;;
    record:--durability | guard:--durability) takes=1 values='none interval always' ;;
    guard:--on-record-fail) takes=1 values='deny allow' ;;
  esac
}

# The flags of a command.
_authlog_flags() {
  case $1 in
    '') values='-V --version -h --help' ;;
    analyze) values='--secret-file --secret-env --secret --key --jwks --no-verify --alg --issuer --audience --leeway --allow-padding --now --clock --tz --year --since --until --user-claim --pattern --max-line --max-token --format --no-findings -f --follow --interval --json --csv-raw --top --sort --max-users --fail-on --no-pager -o --output --color -q --quiet --no-progress --threads --config -h --help' ;;
    events) values='--secret-file --secret-env --secret --key --jwks --no-verify --alg --issuer --audience --leeway --allow-padding --now --clock --tz --year --since --until --user-claim --pattern --max-line --max-token --format --pseudonym-key -o --output --color -q --quiet --no-progress --threads --config -h --help' ;;
    explain) values='--secret-file --secret-env --secret --key --jwks --no-verify --alg --issuer --audience --leeway --allow-padding --now --clock --tz --year --since --until --user-claim --pattern --max-line --max-token -o --output --color -q --quiet --no-progress --threads --config -h --help' ;;
    redact) values='--replace --drop-claims --anonymize-ip --max-line -o --output --color -q --quiet --no-progress --config -h --help' ;;
    audit) values='--secret-file --secret-env --secret --key --jwks --no-verify --alg --issuer --audience --leeway --allow-padding --now --clock --tz --year --since --until --user-claim --pattern --max-line --max-token --config --enable --disable --threshold --level --baseline --admin-user --trusted-proxy --wordlist --lateness --learn --format -f --follow --interval --json --top --fail-on --no-pager -o --output --color -q --quiet --no-progress --threads -h --help' ;;
    ingest) values='--secret-file --secret-env --secret --key --jwks --no-verify --alg --issuer --audience --leeway --allow-padding --now --clock --tz --year --user-claim --pattern --max-line --max-token --store --host --reset-state --pseudonym-key -f --follow --poll --json --color -q --quiet --no-progress --threads --config -h --help' ;;
    compare) values='--secret-file --secret-env --secret --key --jwks --no-verify --alg --issuer --audience --leeway --allow-padding --now --clock --tz --year --since --until --user-claim --pattern --max-line --max-token --with --growth --least --json --top --no-pager -o --output --color -q --quiet --no-progress --threads --config -h --help' ;;
    merge) values='--format --json --csv-raw --top --sort --max-users --fail-on --no-pager -o --output --color -q --quiet --config -h --help' ;;
    forget) values='--before --user --user-number --pseudonym-key --tz --json --config -h --help' ;;
    issue) values='--key --secret-file --secret-env --secret --alg --kid --allow-weak-secret --user-id --email --role --claim --claims --issuer --audience --jti --expires-in --no-expiry --not-before --now --json -o --output --record --generate-key --config -h --help' ;;
    record) values='--token --event --field --time --to --format --durability --chain -q --quiet --secret-file --secret-env --secret --key --jwks --no-verify --alg --issuer --audience --leeway --allow-padding --config -h --help' ;;
    verify-log) values='--expect --after --json --config -h --help' ;;
    guard) values='--listen --metrics --trusted-proxy --envoy-prefix --max-connections --realm --record --no-record --durability --on-record-fail --chain --secret-file --secret-env --secret --key --jwks --alg --issuer --audience --leeway --rules --revocations --user-claim --max-token --config -h --help' ;;
    serve) values='--store --poll --config --tz --now --listen --allow-remote --public-url --trusted-proxy --secret-file --secret-env --secret --key --jwks --alg --issuer --audience --leeway --rules --revocations --user-claim -h --help' ;;
    config) values='-h --help' ;;
    config/check) values='--now -h --help' ;;
    config/show) values='--origin --json --config -h --help' ;;
    completion) values='-h --help' ;;
  esac
}

# What may stand in a command where no flag stands.
_authlog_words() {
  case $1 in
    '') values='analyze events explain redact audit ingest compare merge forget issue record verify-log guard serve config completion' ;;
    analyze) files=1 ;;
    events) files=1 ;;
    explain) files=1 ;;
    redact) files=1 ;;
    audit) files=1 ;;
    ingest) files=1 ;;
    compare) files=1 ;;
    merge) files=1 ;;
    forget) files=1 ;;
    verify-log) files=1 ;;
    config) values='check show' ;;
    config/check) files=1 ;;
    completion) values='bash zsh fish' ;;
  esac
}

complete -F _authlog authlog

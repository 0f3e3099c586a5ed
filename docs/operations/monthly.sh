#!/bin/sh
# One month, from extract to review packs: `monthly.sh SOURCE YYYY-MM`.
# FRAUD_WORKSPACE must name the workspace; FRAUD_CONFIG may name its settings, FRAUD_MAPPING the mapping of the extract.
# Every step may be killed and run again. Exit code: 0 done, 1 failed, 2 the extract or the call cannot be used.
set -eu
source=$1
month=$2
: "${FRAUD_WORKSPACE:?names the workspace}"
umask 077

fraud() {
    command fraud ${FRAUD_CONFIG:+--config "$FRAUD_CONFIG"} "$@"
}

fraud check "$source" --mapping "${FRAUD_MAPPING:-contract}"
fraud ingest "$source" --mapping "${FRAUD_MAPPING:-contract}"
fraud score --month "$month"
for lang in ${FRAUD_LANGUAGES:-en zh}; do
    fraud cases export --month "$month" --lang "$lang"
    fraud cases verify "$FRAUD_WORKSPACE/cases/$month-$lang"
done

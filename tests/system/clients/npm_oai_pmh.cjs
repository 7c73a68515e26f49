// `oai-pmh` from npm walks a list: one JSON line for each record. Arguments: base URL, metadataPrefix.
// It makes objects of XML; so a payload is told as all that they hold, texts and attributes alike.
const { OaiPmh } = require('oai-pmh')

function texts (value) {
  if (typeof value === 'string') return value ? [value] : []
  const inner = Object.entries(value || {}).filter(([name]) => !name.startsWith('xmlns'))
  return inner.flatMap(([, one]) => texts(one))
}

async function main (url, prefix) {
  for await (const record of new OaiPmh(url).listRecords({ metadataPrefix: prefix })) {
    const header = record.header
    console.log(JSON.stringify({
      identifier: header.identifier,
      datestamp: header.datestamp,
      deleted: Boolean(header.$ && header.$.status === 'deleted'),
      sets: [].concat(header.setSpec || []),
      texts: record.metadata === undefined ? null : texts(record.metadata)
    }))
  }
}

main(process.argv[2], process.argv[3]).catch(error => { console.error(error); process.exitCode = 1 })

import type { Manifest } from "../../latency/kitFiles.js";

/**
 * A shell script that runs a command line on an Android phone for every model of a kit and keeps
 * what it prints in results.log, each model's under a line with its id.
 *
 * @param tool     the program, which the user has put beside the script
 * @param command  its command line for the file $model, in the folder of the kit on the phone
 */
export const adbScript = (manifest: Manifest, tool: string, command: string): string => `#!/bin/sh
# Times every model of this kit on the phone that adb finds. Needs adb, and ${tool} for the phone here.
set -eu
cd "$(dirname "$0")"
phone=/data/local/tmp/nas-kit
ask() { adb shell getprop "$1" | tr -d '\\r'; }
adb shell mkdir -p $phone
adb push models ${tool} $phone/ >/dev/null
adb shell chmod +x $phone/${tool}
log=results.log.part
{
  echo "nas-latency-log 1"
  echo "kit ${manifest.kit}"
  echo "target ${manifest.target}"
  echo "device $(ask ro.product.manufacturer) $(ask ro.product.model)"
  echo "soc $(ask ro.soc.model)"
  echo "os Android $(ask ro.build.version.release)"
  echo "runtime ${manifest.runtime}"
  echo "dtype ${manifest.dtype}"
  echo "threads 1"
  echo "measuredAt $(date -u +%Y-%m-%dT%H:%M:%SZ)"
} >$log
while read -r id model; do
  echo "$id" >&2
  echo "== $id" >>$log
  adb shell "cd $phone && ${command}" </dev/null >>$log 2>&1 || echo "failed" >>$log
done <models.txt
echo "== end" >>$log
mv $log results.log
`;

/** models.txt: id and file of each model. */
export const modelList = ({ models }: Manifest): string =>
  `${models.map(({ id, file }) => `${id} ${file}`).join("\n")}\n`;

import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import * as prettier from 'prettier';
import { ensureBuilt } from '../scripts/setup.mjs';
import { measureAccess } from './access.ts';
import { measureAudit } from './audit.ts';
import { measureBundles } from './bundles.ts';
import { measureCredentials, measureRevocation } from './credentials.ts';
import { measureListEncoding } from './list-encoding.ts';
import { measureGrowth } from './growth.ts';
import { measureInFront } from './in-front.ts';
import { measureLive } from './live.ts';
import { measureMaintenance } from './maintenance.ts';
import { measureProviderSignIns } from './oauth.ts';
import { measureLibrary, measureTransfers, measureUploads } from './photos.ts';
import { measureSessions } from './sessions.ts';
import { measureSettings } from './settings.ts';
import { measureSignIns } from './sign-ins.ts';
import { measureSoak } from './soak.ts';
import { measureStart } from './start.ts';
import { isMet, type Figure } from './targets.ts';
import { measureUsers } from './users.ts';

const measurements: Readonly<Record<string, () => Promise<Figure | readonly Figure[]>>> = {
	start: measureStart,
	'sign-ins': measureSignIns,
	oauth: measureProviderSignIns,
	credentials: measureCredentials,
	revocation: measureRevocation,
	maintenance: measureMaintenance,
	settings: measureSettings,
	users: measureUsers,
	'list-encoding': measureListEncoding,
	audit: measureAudit,
	sessions: measureSessions,
	growth: measureGrowth,
	live: measureLive,
	inFront: measureInFront,
	access: measureAccess,
	library: measureLibrary,
	uploads: measureUploads,
	transfers: measureTransfers,
	bundles: measureBundles
};

/** Measurements that take too long for a complete run. */
const longMeasurements: typeof measurements = { soak: measureSoak };
const known = { ...measurements, ...longMeasurements };

const table = (figures: readonly Figure[]) =>
	[
		'| What | Measured | Against | Ratio | Aim |',
		'| --- | --- | --- | --- | --- |',
		...figures.map(
			({ what, measured, against, ratio, aim }) => `| ${what} | ${measured} | ${against} | ${ratio} | ${aim} |`
		)
	].join('\n');

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(known, name));
if (unknown.length > 0) {
	process.stderr.write(`No benchmark "${unknown.join('", "')}". There are: ${Object.keys(known).join(', ')}\n`);
	process.exit(2);
}

// Otherwise the first start would include the build.
await ensureBuilt();
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(asked.length === 0 ? measurements : known))
	if (asked.length === 0 || asked.includes(name)) figures.push(...[await measure()].flat());

if (asked.length === 0) await writePage();
else process.stdout.write(`${table(figures)}\n`);

const missed = figures.filter((figure) => !isMet(figure));
for (const { what, measured, ratio, aim } of missed)
	process.stderr.write(`Target missed: ${what}: ${measured}, ratio ${ratio}, aim ${aim}\n`);
process.exit(missed.length > 0 ? 1 : 0);

/** Writes the figures of a complete run to a file. */
async function writePage(): Promise<void> {
	const machine = `${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
	const page = `# Figures

Made by \`npm run bench\`, everything in one run on one machine (${machine}). Absolute figures depend on the machine; the ratios are
what counts. The load comes from the same machine and takes its share of the cores.

${table(figures)}
`;
	const file = 'bench/README.md';
	const style = await prettier.resolveConfig(file);
	await writeFile(file, await prettier.format(page, { ...style, filepath: file }));
	process.stdout.write(page);
}

import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import * as prettier from 'prettier';
import { ensureBuilt } from '../scripts/setup.mjs';
import { measureAudit } from './audit.ts';
import { measureBundles } from './bundles.ts';
import { measureCredentials, measureRevocation } from './credentials.ts';
import { measureLive } from './live.ts';
import { measureMaintenance } from './maintenance.ts';
import { measureProviderSignIns } from './oauth.ts';
import { measureSessions } from './sessions.ts';
import { measureSettings } from './settings.ts';
import { measureSignIns } from './sign-ins.ts';
import { measureStart } from './start.ts';
import { measureUsers } from './users.ts';

/** One figure with what it is measured against, in the same run. */
export interface Figure {
	readonly what: string;
	readonly measured: string;
	readonly against: string;
	readonly ratio: string;
	readonly aim: string;
}

const table = (figures: readonly Figure[]) =>
	[
		'| What | Measured | Against | Ratio | Aim |',
		'| --- | --- | --- | --- | --- |',
		...figures.map(
			({ what, measured, against, ratio, aim }) => `| ${what} | ${measured} | ${against} | ${ratio} | ${aim} |`
		)
	].join('\n');

// Else the first start would be measured with the build.
ensureBuilt();
const figures = [
	...(await measureStart()),
	...(await measureSignIns()),
	await measureProviderSignIns(),
	...(await measureCredentials()),
	await measureRevocation(),
	...(await measureMaintenance()),
	await measureSettings(),
	...(await measureUsers()),
	...(await measureAudit()),
	...(await measureSessions()),
	...(await measureLive()),
	...(await measureBundles())
];
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
process.exit(0);

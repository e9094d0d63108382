import { examine } from '#lib/server/app/doctor/doctor.ts';
import { ok, problemFrom, skipped, warning, type Finding } from '#lib/server/app/doctor/finding.ts';
import { readEnv, type AppEnv } from '#lib/server/platform/config/env.ts';
import { ownVariables } from '#lib/server/platform/config/own-variables.ts';
import { readListenOptions } from '../../listen-options.ts';
import { createSourceReader } from '../../request-source.ts';
import { complain, printable, say } from '../output.ts';
import { withResources } from '../server.ts';

export interface DoctorOptions {
	readonly json?: true;
}

/** Checks the server's surroundings; the exit code is 1 if there is a problem. */
export async function doctor({ json }: DoctorOptions): Promise<void> {
	const findings: Finding[] = [];
	const report = (finding: Finding) => {
		findings.push(finding);
		if (!json) say(toLines(finding));
	};
	const env = checkConfiguration(report);
	if (env)
		await withResources(async (resources) => {
			for await (const finding of examine(env, { resources, onProgress: complain })) report(finding);
		});
	else report({ check: 'database', ...skipped('Needs the configuration, and so does everything else.') });
	const count = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length;
	if (json) say(JSON.stringify(findings, null, 2));
	else say(`\n${counted(count('problem'), 'problem')}, ${counted(count('warning'), 'warning')}`);
	if (count('problem') > 0) process.exitCode = 1;
}

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`;

/** Reads the environment; null if it is invalid. */
function checkConfiguration(report: (finding: Finding) => void): AppEnv | null {
	const check = 'configuration';
	for (const name of ownVariables(process.env).ignored)
		report({
			check,
			...warning(
				`${name} is ignored: it holds the address of a service, as Kubernetes sets it.`,
				'Rename the service, or set enableServiceLinks: false.'
			)
		});
	try {
		const env = readEnv(process.env);
		readListenOptions(process.env);
		checkProxies(env);
		report({ check, ...ok('All variables are valid.') });
		return env;
	} catch (error) {
		report({ check, ...problemFrom(error) });
		return null;
	}
}

function checkProxies({ trustedProxies }: AppEnv): void {
	try {
		createSourceReader(trustedProxies, () => undefined);
	} catch (cause) {
		throw new Error(`IMMICH_TRUSTED_PROXIES: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
	}
}

const signs: Readonly<Record<Finding['status'], string>> = {
	ok: '[ok]     ',
	warning: '[warning]',
	problem: '[problem]',
	skipped: '[skipped]'
};

const toLines = ({ check, status, message, advice }: Finding): string => {
	const first = `${signs[status]} ${check}: ${printable(message)}`;
	return advice === null ? first : `${first}\n          ${printable(advice)}`;
};

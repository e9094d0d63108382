import { readEnv } from '#lib/server/platform/config/env.ts';
import { createContainer } from '#lib/server/app/container.ts';
import { OpenResources } from '#lib/server/platform/open-resources.ts';
import { readListenOptions } from './listen-options.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Starts or ends maintenance from the command line, without a token.
 * Source: docs/wire-reference/command-line.md#immich-admin.
 */
async function main(wanted: string | undefined): Promise<void> {
	if (wanted !== 'on' && wanted !== 'off') throw new Error('Say what to do: npm run maintenance -- on, or -- off');
	const resources = new OpenResources();
	try {
		// The running server uses the metrics port.
		const env = { ...readEnv(process.env), logLevel: 'error', metrics: null } as const;
		const container = await createContainer(env, { resources });
		const { maintenance } = container.services;
		if (wanted === 'off') {
			const wasOn = await maintenance.disable();
			say(wasOn ? 'Maintenance mode has been disabled.' : 'The server is already out of maintenance mode!');
			return;
		}
		const { isNew, token } = await maintenance.enable();
		const { externalDomain } = container.settings.current.system.server;
		const base = externalDomain || `http://localhost:${String(readListenOptions(process.env).port)}`;
		say(isNew ? 'Maintenance mode has been enabled.' : 'The server is already in maintenance mode!');
		say(`\nLog in using the following URL:\n${base.replace(/\/$/, '')}/maintenance?token=${token}`);
	} finally {
		await resources.closeAll();
	}
}

main(process.argv[2]).catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});

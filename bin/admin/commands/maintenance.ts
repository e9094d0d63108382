import { readListenOptions } from '../../listen-options.ts';
import { say } from '../output.ts';
import { withServer } from '../server.ts';

/** Starts maintenance, and prints a URL with which an admin gets in. */
export const enableMaintenance = (): Promise<void> =>
	withServer(async ({ services: { maintenance }, settings, auth }) => {
		const { isNew, token } = await maintenance.enable(auth);
		const { externalDomain } = settings.current.system.server;
		const base = externalDomain || `http://localhost:${String(readListenOptions(process.env).port)}`;
		say(isNew ? 'Maintenance mode has been enabled.' : 'The server is already in maintenance mode!');
		say(`\nLog in using the following URL:\n${base.replace(/\/$/, '')}/maintenance?token=${token}`);
	});

/** Ends maintenance. */
export const disableMaintenance = (): Promise<void> =>
	withServer(async ({ services: { maintenance }, auth }) => {
		const wasOn = await maintenance.disable(auth);
		say(wasOn ? 'Maintenance mode has been disabled.' : 'The server is already out of maintenance mode!');
	});

import type { Fault } from './fault.ts';

export const processFaults: readonly Fault[] = [
	{
		title: 'a second signal cuts nothing',
		file: 'bin/exit.ts',
		find: 'performance.now() - sinceMs > sameSignalMs',
		replace: 'false',
		tests: ['tests/unit/server/exit.test.ts']
	},
	{
		title: 'a signal that is delivered twice cuts requests',
		file: 'bin/exit.ts',
		find: 'performance.now() - sinceMs > sameSignalMs',
		replace: 'true',
		tests: ['tests/unit/server/exit.test.ts']
	},
	{
		title: 'the server starts on a standby',
		file: 'src/lib/server/platform/database/connecting.ts',
		after: 'immich-auth needs 14 or later. Upgrade it.',
		find: 'isStandby',
		replace: 'version < 0',
		tests: ['tests/unit/database/standby.test.ts']
	},
	{
		title: 'the rest of a refused upload is left on the connection',
		file: 'bin/discard-rest.ts',
		find: 'request.complete',
		replace: 'true',
		tests: ['tests/api/wire/refused-uploads.test.ts']
	},
	{
		title: 'a refused upload that stops keeps its connection',
		file: 'bin/discard-rest.ts',
		find: 'setTimeout(() => request.socket.destroy(), longestMs)',
		replace: 'setTimeout(() => undefined, longestMs)',
		tests: ['tests/api/wire/refused-uploads.test.ts']
	},
	{
		title: 'nothing is reread while no notifications arrive',
		file: 'src/lib/server/platform/database/pg-notifications.ts',
		find: '!this.isLive && ageMs >= rereadInterruptedMs',
		replace: 'false',
		tests: ['tests/api/database/transaction-pooler.test.ts']
	},
	{
		title: 'an address of any length goes into a cookie',
		file: 'src/lib/server/features/sign-in/browser-session.http.ts',
		find: 'address.length > longestAddress',
		replace: 'false',
		tests: ['tests/api/oauth/logout.test.ts']
	},
	{
		title: 'a browser context whose changes go unnoticed is reused',
		file: 'tests/e2e/support/contexts.ts',
		find: "typeof method !== 'function'",
		replace: 'false',
		tests: ['tests/unit/console/contexts.test.ts']
	}
];

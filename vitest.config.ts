import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Enough for a busy machine; the default of one second for `expect.poll` isn't. */
const timeLimits = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

// Plain Node: nothing that is tested here needs Kit, a bundler or a browser.
export default defineConfig({
	test: {
		// Most of the time a test waits for the server and its database. Vitest limits a percentage to the number of cores.
		maxWorkers: Math.ceil(availableParallelism() * 1.5),
		projects: [
			{
				test: {
					name: 'unit',
					isolate: false,
					include: ['tests/unit/**/*.test.ts', 'tests/contract/**/*.test.ts'],
					globalSetup: ['tests/support/postgres-setup.ts'],
					...timeLimits
				}
			},
			{
				test: {
					name: 'api',
					isolate: false,
					include: ['tests/api/**/*.test.ts'],
					globalSetup: [
						'tests/support/postgres-setup.ts',
						'tests/support/build-setup.ts',
						'tests/support/shared-servers-setup.ts'
					],
					...timeLimits
				}
			}
		]
	}
});

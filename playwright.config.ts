import { defineConfig } from 'playwright/test';
import { browserOptions } from './tests/e2e/support/browser.ts';

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '*.spec.ts',
	outputDir: 'test-results',
	fullyParallel: false,
	// Each file has a server of its own.
	workers: 2,
	forbidOnly: true,
	// A machine that does other work besides may be late once; what passes only then is reported as flaky.
	retries: process.env['CI'] ? 1 : 0,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	reporter: [['list']],
	use: { ...browserOptions(), locale: 'en-GB', timezoneId: 'Europe/Berlin', screenshot: 'only-on-failure' }
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { pickPublicConfig, pickUserConfig } from '#lib/contract/settings/document/subsets.ts';
import { anyConfig } from '#tests/support/settings.ts';

describe('the settings that non-admins can see', () => {
	it('are only those that the sign-in page needs, without a session', () => {
		expect(pickPublicConfig(systemConfigDefaults)).toEqual({
			oauth: { autoLaunch: false, buttonText: 'Login with OAuth', enabled: false },
			passwordLogin: { enabled: true },
			server: { loginPageMessage: '' },
			theme: { customCss: '' }
		});
	});

	it('contain no secret', () => {
		fc.assert(
			fc.property(anyConfig, (config) => {
				config.oauth.clientSecret = 'the secret of the client';
				config.notifications.smtp.transport.password = 'the password of the mail server';
				const seen = JSON.stringify([pickPublicConfig(config), pickUserConfig(config)]);
				expect(seen).not.toContain('the secret of the client');
				expect(seen).not.toContain('the password of the mail server');
			})
		);
	});
});

import { immichAuthConfigDefaults } from '#lib/contract/system-config/immich-auth.ts';
import { systemConfigDefaults } from '#lib/contract/system-config/index.ts';
import type { Settings } from '#lib/server/config/settings.ts';

/** Settings as they are by default, but for what is given. */
export const settingsWith = ({ allowCommon = false, externalDomain = '' } = {}): Settings => ({
	system: { ...systemConfigDefaults, server: { ...systemConfigDefaults.server, externalDomain } },
	immichAuth: {
		...immichAuthConfigDefaults,
		passwords: { ...immichAuthConfigDefaults.passwords, allowCommon }
	}
});

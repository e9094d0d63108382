import type { Log } from '#lib/server/platform/log.ts';
import { downloadPicture } from './picture-download.ts';
import { getPictureClaim, type Profile } from './profile.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';
import type { UserRow } from '#lib/server/features/users/index.ts';
import type { ProfileImageService } from '#lib/server/features/profile-images/index.ts';

interface Dependencies {
	readonly profileImages: ProfileImageService;
	readonly log: Log;
}

/** Imports profile images from providers for users who have none. */
export class OAuthPictures {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** A failed download doesn't prevent the sign-in. Source: docs/wire-reference/oauth.md#post-oauthcallback. */
	async adopt(user: UserRow, profile: Profile, provider: OAuthProvider): Promise<void> {
		const address = getPictureClaim(profile);
		if (address === null || user.profileImagePath !== '') return;
		try {
			await this.#deps.profileImages.setFirst(user.id, await downloadPicture(address, provider));
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			this.#deps.log.warn({ userId: user.id, reason }, 'The picture of the provider was not taken');
		}
	}
}

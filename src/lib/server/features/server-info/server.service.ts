import type { z } from 'zod';
import { mediaTypes } from '#lib/contract/server-info/media-types.ts';
import type {
	ServerAboutResponseDto,
	ServerConfigDto,
	ServerFeaturesDto,
	ServerMediaTypesResponseDto,
	ServerVersionResponseDto
} from '#lib/contract/server-info/server.ts';
import { OnboardingDto } from '#lib/contract/users/user.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { readVipsVersion } from '#lib/server/features/profile-images/index.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { MaintenanceMode } from '#lib/server/features/maintenance/index.ts';
import type { ServerInfoStore } from './repositories.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { spokenTag, spokenVersion } from '#lib/contract/server-info/spoken-version.ts';

interface Dependencies {
	readonly store: ServerInfoStore;
	readonly settings: SettingsReader;
	readonly env: AppEnv;
	readonly maintenance: MaintenanceMode;
}

/** The information that clients request about the server. */
export class ServerService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Returns the version of Immich whose API this server speaks. */
	version(): z.input<typeof ServerVersionResponseDto> {
		return spokenVersion;
	}

	/** Source: docs/wire-reference/server.md#about. */
	async about(): Promise<z.input<typeof ServerAboutResponseDto>> {
		return {
			version: spokenTag,
			versionUrl: `https://github.com/immich-app/immich/releases/tag/${spokenTag}`,
			licensed: (await this.#deps.store.metadata.getForSystem('license')) !== null,
			nodejs: process.version,
			libvips: await readVipsVersion(),
			...this.#deps.env.build
		};
	}

	/** Returns the file extensions that Immich accepts. */
	mediaTypes(): z.input<typeof ServerMediaTypesResponseDto> {
		return mediaTypes;
	}

	/** Source: docs/wire-reference/server.md#features. */
	features(): z.input<typeof ServerFeaturesDto> {
		const { map, reverseGeocoding, metadata, trash, oauth, passwordLogin, ffmpeg } = this.#deps.settings.current.system;
		// This server doesn't analyze photos; the operator declares whether another program does.
		const machineLearning = { ...this.#deps.settings.current.system.machineLearning };
		machineLearning.enabled &&= this.#deps.env.hasMachineLearning;
		const hasSmartSearch = machineLearning.enabled && machineLearning.clip.enabled;
		return {
			smartSearch: hasSmartSearch,
			facialRecognition: machineLearning.enabled && machineLearning.facialRecognition.enabled,
			duplicateDetection: hasSmartSearch && machineLearning.duplicateDetection.enabled,
			map: map.enabled,
			reverseGeocoding: reverseGeocoding.enabled,
			importFaces: metadata.faces.import,
			sidecar: true,
			search: true,
			trash: trash.enabled,
			oauth: oauth.enabled,
			oauthAutoLaunch: oauth.autoLaunch,
			ocr: machineLearning.enabled && machineLearning.ocr.enabled,
			passwordLogin: passwordLogin.enabled,
			configFile: this.#deps.env.configFile !== undefined,
			// A mail server can be configured, but nothing is sent yet.
			email: false,
			realtimeTranscoding: ffmpeg.realtime.enabled
		};
	}

	/**
	 * Returns what clients need before sign-in; during maintenance only that it is on.
	 * Source: docs/wire-reference/server.md#config.
	 */
	async config(): Promise<z.input<typeof ServerConfigDto> | { maintenanceMode: true }> {
		if (this.#deps.maintenance.isOn) return { maintenanceMode: true };
		const { store, settings, env } = this.#deps;
		const { server, trash, user, oauth, map, machineLearning } = settings.current.system;
		const [hasAdmin, { isOnboarded }] = await Promise.all([store.users.hasAdmin(), this.adminOnboarding()]);
		return {
			loginPageMessage: server.loginPageMessage,
			trashDays: trash.days,
			userDeleteDelay: user.deleteDelay,
			oauthButtonText: oauth.buttonText,
			oauthAccountManagementUrl: oauth.accountManagementUrl,
			isInitialized: hasAdmin || !env.isSetupAllowed,
			isOnboarded,
			externalDomain: server.externalDomain,
			publicUsers: server.publicUsers,
			mapDarkStyleUrl: map.darkStyle,
			mapLightStyleUrl: map.lightStyle,
			maintenanceMode: false,
			minFaces: machineLearning.facialRecognition.minFaces
		};
	}

	/** Whether an admin has completed the first-start wizard of Immich’s web client. */
	async adminOnboarding(): Promise<z.output<typeof OnboardingDto>> {
		const stored = OnboardingDto.safeParse(await this.#deps.store.metadata.getForSystem('admin-onboarding'));
		return { isOnboarded: stored.data?.isOnboarded ?? false };
	}

	async setAdminOnboarding(auth: Auth, dto: z.output<typeof OnboardingDto>): Promise<void> {
		const { isOnboarded: from } = await this.adminOnboarding();
		const changes = { isOnboarded: { from, to: dto.isOnboarded } };
		await this.#deps.store.transaction(async (repositories) => {
			const { metadata, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			await metadata.setForSystem('admin-onboarding', dto);
			if (from !== dto.isOnboarded)
				await audit.record(buildAuditEntry(auth, { action: 'server.onboarding', subject: null, changes }));
		});
	}
}

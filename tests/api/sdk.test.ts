import {
	AssetVisibility,
	CalendarHeatmapType,
	changePassword,
	changePinCode,
	createApiKey,
	createNotification,
	createProfileImage,
	createSession,
	createUserAdmin,
	defaults,
	deleteAllSessions,
	deleteApiKey,
	deleteNotification,
	deleteNotifications,
	deleteProfileImage,
	deleteSession,
	deleteUserAdmin,
	deleteUserLicense,
	deleteUserOnboarding,
	getAboutInfo,
	getAdminOnboarding,
	getApiKey,
	getApiKeys,
	getAuthStatus,
	getMyApiKey,
	getMyCalendarHeatmap,
	getMyPreferences,
	getMyUser,
	getNotification,
	getNotifications,
	getProfileImage,
	getServerConfig,
	getServerFeatures,
	getServerVersion,
	getSessions,
	getSupportedMediaTypes,
	getUser,
	getUserAdmin,
	getUserCalendarHeatmapAdmin,
	getUserLicense,
	getUserOnboarding,
	getUserPreferencesAdmin,
	getUserSessionsAdmin,
	getUserStatisticsAdmin,
	init,
	isHttpError,
	lockAuthSession,
	lockSession,
	login,
	logout,
	NotificationLevel,
	NotificationType,
	Permission,
	pingServer,
	resetPinCode,
	restoreUserAdmin,
	rotateApiKey,
	searchUsers,
	searchUsersAdmin,
	setUserLicense,
	setUserOnboarding,
	setupPinCode,
	signUpAdmin,
	unlockAuthSession,
	updateApiKey,
	updateAdminOnboarding,
	updateMyPreferences,
	updateMyUser,
	updateNotification,
	updateNotifications,
	updateSession,
	updateUserAdmin,
	updateUserPreferencesAdmin,
	validateAccessToken
} from '@immich/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { createPicture } from '#tests/support/pictures.ts';

const api = useApi();
const email = 'admin@example.test';
const password = 'correct horse battery';
const asBearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** Returns the status and message of the error the SDK throws. */
async function getFailure(call: Promise<unknown>): Promise<[number, string]> {
	const error: unknown = await call.then(
		() => new Error('It did not fail'),
		(thrown: unknown) => thrown
	);
	if (!isHttpError(error)) throw error;
	return [error.status, error.data.message];
}

describe('the official SDK', () => {
	let admin: ReturnType<typeof asBearer>;

	beforeAll(async () => {
		init({ baseUrl: `${api.url}/api`, apiKey: '' });
		// `init` sets an API key, but an app that signs in sends none.
		defaults.headers = {};
		await signUpAdmin({ signUpDto: { email, password, name: 'Ada' } });
		const { accessToken } = await login({ loginCredentialDto: { email, password } });
		admin = asBearer(accessToken);
	});

	it('reads public data', async () => {
		expect(await pingServer()).toEqual({ res: 'pong' });
		expect(await getServerVersion()).toMatchObject({ major: 3, minor: 2, patch: 2 });
		expect(await getServerConfig()).toMatchObject({ isInitialized: true });
		expect(await getServerFeatures()).toMatchObject({ passwordLogin: true });
	});

	it('onboards a user with a temporary password', async () => {
		const temporary = 'temporary-password';
		const userAdminCreateDto = { email: 'u@example.test', password: temporary, name: 'U', notify: false };
		const user = await createUserAdmin({ userAdminCreateDto }, admin);
		expect(user).toMatchObject({ email: 'u@example.test', shouldChangePassword: true });

		const first = await login({ loginCredentialDto: { email: user.email, password: temporary } });
		expect(first).toMatchObject({ userId: user.id, shouldChangePassword: true });
		const own = asBearer(first.accessToken);
		expect(await validateAccessToken(own)).toEqual({ authStatus: true });
		expect(await getMyUser(own)).toMatchObject({ id: user.id });
		expect(await getFailure(searchUsers(own))).toEqual([403, 'Password change required']);

		const changePasswordDto = { password: temporary, newPassword: 'my own password' };
		expect(await changePassword({ changePasswordDto }, own)).toMatchObject({ shouldChangePassword: false });
		expect(await searchUsers(own)).toHaveLength(2);
		expect(await getFailure(searchUsersAdmin({}, own))).toEqual([403, 'Forbidden']);
		expect(await logout(own)).toEqual({ successful: true, redirectUri: '/auth/login?autoLaunch=0' });
		expect(await getFailure(getMyUser(own))).toEqual([401, 'Invalid user token']);
	});

	it('manages users', async () => {
		const { id } = await createUserAdmin(
			{ userAdminCreateDto: { email: 'v@example.test', password, name: 'V' } },
			admin
		);
		expect(await getUserAdmin({ id }, admin)).toMatchObject({ id });
		expect(await getUser({ id }, admin)).toMatchObject({ id });
		expect(await updateUserAdmin({ id, userAdminUpdateDto: { name: 'W' } }, admin)).toMatchObject({ name: 'W' });
		expect(await getUserSessionsAdmin({ id }, admin)).toEqual([]);
		expect(await getUserPreferencesAdmin({ id }, admin)).toMatchObject({ memories: { duration: 5 } });
		const userPreferencesUpdateDto = { memories: { duration: 8 } };
		expect(await updateUserPreferencesAdmin({ id, userPreferencesUpdateDto }, admin)).toMatchObject({
			memories: { duration: 8 }
		});
		expect(await deleteUserAdmin({ id, userAdminDeleteDto: {} }, admin)).toMatchObject({ status: 'deleted' });
		const ids = (await searchUsersAdmin({ withDeleted: true }, admin)).map((user) => user.id);
		expect(ids).toContain(id);
		expect((await searchUsersAdmin({ withDeleted: false }, admin)).map((user) => user.id)).not.toContain(id);
		expect(await restoreUserAdmin({ id }, admin)).toMatchObject({ status: 'active' });
		expect(await deleteUserAdmin({ id, userAdminDeleteDto: { force: true } }, admin)).toMatchObject({
			status: 'removing'
		});
		expect(await getFailure(getUserAdmin({ id }, admin))).toEqual([400, 'User not found']);
	});

	it("manages the caller's own user", async () => {
		expect(await updateMyUser({ userUpdateMeDto: { name: 'Ada L.' } }, admin)).toMatchObject({ name: 'Ada L.' });
		expect(await getMyPreferences(admin)).toMatchObject({ tags: { enabled: false } });
		const userPreferencesUpdateDto = { tags: { enabled: true } };
		expect(await updateMyPreferences({ userPreferencesUpdateDto }, admin)).toMatchObject({ tags: { enabled: true } });
		expect(await setUserOnboarding({ onboardingDto: { isOnboarded: true } }, admin)).toEqual({ isOnboarded: true });
		expect(await getUserOnboarding(admin)).toEqual({ isOnboarded: true });
		await deleteUserOnboarding(admin);
		expect(await getAuthStatus(admin)).toEqual({ pinCode: false, password: true, isElevated: false });
		await updateAdminOnboarding({ adminOnboardingUpdateDto: { isOnboarded: true } }, admin);
		expect(await getAdminOnboarding(admin)).toEqual({ isOnboarded: true });
	});

	it('counts photos', async () => {
		const { id } = await getMyUser(admin);
		expect(await getUserStatisticsAdmin({ id, isFavorite: true, visibility: AssetVisibility.Timeline }, admin)).toEqual(
			{
				images: 0,
				videos: 0,
				total: 0
			}
		);
		const range = { $from: '2026-01-01', to: '2026-01-02' };
		const days = {
			series: [
				{ date: '2026-01-01', count: 0 },
				{ date: '2026-01-02', count: 0 }
			],
			totalCount: 0
		};
		expect(await getMyCalendarHeatmap({ ...range, $type: CalendarHeatmapType.Taken }, admin)).toMatchObject(days);
		expect(await getUserCalendarHeatmapAdmin({ id, ...range }, admin)).toMatchObject(days);
	});

	it("sets, reads and removes the caller's picture", async () => {
		const file = new Blob([new Uint8Array(await createPicture('jpeg'))]);
		const { userId, profileImagePath } = await createProfileImage({ createProfileImageDto: { file } }, admin);
		expect(await getMyUser(admin)).toMatchObject({ id: userId, profileImagePath });
		expect((await getProfileImage({ id: userId }, admin)).type).toBe('image/webp');
		await deleteProfileImage(admin);
		await expect(getProfileImage({ id: userId }, admin)).rejects.toMatchObject({ status: 404 });
	});

	it('reads server information and finds no product key', async () => {
		expect(await getAboutInfo(admin)).toMatchObject({ version: 'v3.2.2', licensed: false });
		expect((await getSupportedMediaTypes()).sidecar).toEqual(['.xmp']);
		expect(await getFailure(getUserLicense(admin))).toEqual([404, 'Not Found']);
		const licenseKeyDto = { licenseKey: 'IMCL-aB12-cD34-eF56-gH78-iJ90-kL12-mN34-oP56', activationKey: 'x' };
		expect(await getFailure(setUserLicense({ licenseKeyDto }, admin))).toEqual([400, 'Invalid license key']);
		await deleteUserLicense(admin);
	});

	it('manages sessions', async () => {
		const own = asBearer((await login({ loginCredentialDto: { email, password } })).accessToken);
		const child = await createSession({ sessionCreateDto: { duration: 60, deviceType: 'TV', deviceOS: 'webOS' } }, own);
		expect(await getMyUser(asBearer(child.token))).toMatchObject({ email });
		const current = (await getSessions(own)).find((session) => session.current);
		expect(current?.id).not.toBe(child.id);
		const sessionUpdateDto = { isPendingSyncReset: true };
		expect(await updateSession({ id: child.id, sessionUpdateDto }, own)).toMatchObject(sessionUpdateDto);
		await lockSession({ id: child.id }, own);
		await deleteSession({ id: child.id }, own);
		expect(await getFailure(getMyUser(asBearer(child.token)))).toEqual([401, 'Invalid user token']);
		await deleteAllSessions(own);
		expect(await getSessions(own)).toHaveLength(1);
		admin = own;
	});

	it('manages API keys', async () => {
		const apiKeyCreateDto = { name: 'Viewer', permissions: [Permission.UserRead, Permission.ApiKeyRead] };
		const { id, secret } = await createApiKey({ apiKeyCreateDto }, admin);
		const byKey = (key: string) => ({ headers: { 'x-api-key': key } });
		expect(await getMyApiKey(byKey(secret))).toMatchObject({ id, name: 'Viewer' });
		expect((await getApiKeys(byKey(secret))).map((key) => key.id)).toContain(id);
		expect(await getApiKey({ id }, admin)).toMatchObject({ id });
		const apiKeyUpdateDto = { name: 'Reader', permissions: [Permission.UserRead] };
		expect(await updateApiKey({ id, apiKeyUpdateDto }, admin)).toMatchObject(apiKeyUpdateDto);
		expect(await getFailure(getApiKeys(byKey(secret)))).toEqual([403, 'Missing required permission: apiKey.read']);
		const rotated = await rotateApiKey({ id }, admin);
		expect(await getFailure(getMyUser(byKey(secret)))).toEqual([401, 'Invalid API key']);
		expect(await getMyUser(byKey(rotated.secret))).toMatchObject({ email });
		await deleteApiKey({ id }, admin);
		expect(await getFailure(getApiKey({ id }, admin))).toEqual([400, 'API Key not found']);
	});

	it('sends, reads, marks and deletes notifications', async () => {
		const { id: userId } = await getMyUser(admin);
		const given = { title: 'Hello', description: 'There', level: NotificationLevel.Warning, data: { n: 1 } };
		const made = await createNotification({ notificationCreateDto: { userId, ...given } }, admin);
		expect(made).toMatchObject({ ...given, type: NotificationType.Custom });
		const { id } = await createNotification({ notificationCreateDto: { userId, title: 'Second' } }, admin);
		const query = { level: NotificationLevel.Warning, $type: NotificationType.Custom, unread: true };
		expect(await getNotifications({ id: made.id, ...query }, admin)).toEqual([made]);
		expect(await getNotification({ id: made.id }, admin)).toEqual(made);
		const readAt = new Date().toISOString();
		expect(await updateNotification({ id, notificationUpdateDto: { readAt } }, admin)).toMatchObject({ id, readAt });
		await updateNotifications({ notificationUpdateAllDto: { ids: [id, made.id], readAt } }, admin);
		expect(await getNotifications(query, admin)).toEqual([]);
		await deleteNotification({ id }, admin);
		expect(await getFailure(getNotification({ id }, admin))).toEqual([400, 'Not found or no notification.read access']);
		await deleteNotifications({ notificationDeleteAllDto: { ids: [made.id] } }, admin);
		expect(await getNotifications({ $type: NotificationType.Custom }, admin)).toEqual([]);
	});

	it('sets, uses, changes and removes a PIN', async () => {
		await setupPinCode({ pinCodeSetupDto: { pinCode: '123456' } }, admin);
		await unlockAuthSession({ sessionUnlockDto: { pinCode: '123456' } }, admin);
		expect(await getAuthStatus(admin)).toMatchObject({ pinCode: true, isElevated: true });
		await lockAuthSession(admin);
		expect(await getAuthStatus(admin)).toMatchObject({ isElevated: false });
		await changePinCode({ pinCodeChangeDto: { pinCode: '123456', newPinCode: '654321' } }, admin);
		await resetPinCode({ pinCodeResetDto: { password } }, admin);
		expect(await getAuthStatus(admin)).toMatchObject({ pinCode: false });
	});

	it('parses errors', async () => {
		expect(await getFailure(getMyUser())).toEqual([401, 'Authentication required']);
		expect(await getFailure(login({ loginCredentialDto: { email, password: 'wrong' } }))).toEqual([
			401,
			'Incorrect email or password'
		]);
		expect(
			await getFailure(createUserAdmin({ userAdminCreateDto: { email: 'x', password, name: 'X' } }, admin))
		).toEqual([400, 'Validation failed']);
	});

	it('authenticates with an API key', async () => {
		const { id } = await getMyUser(admin);
		init({ baseUrl: `${api.url}/api`, apiKey: await api.accounts.makeApiKey(id, ['user.read']) });
		expect(await getMyUser()).toMatchObject({ id });
		expect(await getFailure(getMyPreferences())).toEqual([403, 'Missing required permission: userPreference.read']);
		defaults.headers = {};
	});
});

/** What the environment says about the server and the credential; the names are the official CLI's. */
export const readEnvironment = () => {
	const { IMMICH_SERVER, IMMICH_INSTANCE_URL, IMMICH_API_KEY } = process.env;
	return {
		server: (IMMICH_SERVER ?? '') || (IMMICH_INSTANCE_URL ?? '') || null,
		apiKey: (IMMICH_API_KEY ?? '') || null
	};
};

const allowedLoaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((format) => `VipsForeignLoad${format}`);

/** Loads sharp when the first image is processed, because it is by far the largest library. */
async function loadSharp() {
	const { default: sharp } = await import('sharp');
	// libvips also reads documents and other formats; only raster images may reach its loaders.
	sharp.block({ operation: ['VipsForeignLoad'] });
	sharp.unblock({ operation: allowedLoaders });
	sharp.cache(false);
	return sharp;
}

let loading: ReturnType<typeof loadSharp> | undefined;

/** Returns sharp, restricted to the image formats that we accept. */
export const restrictedSharp = () => (loading ??= loadSharp());

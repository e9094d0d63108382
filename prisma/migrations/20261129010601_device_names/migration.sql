-- Devices are now named as Immich names them. Known devices get the new names, so that nobody is notified of a new one.
UPDATE "immich_auth"."known_device" AS device
SET "deviceType" = renamed."newType", "deviceOS" = renamed."newOS"
FROM (
  VALUES
    ('Microsoft Edge', 'Windows', false, 'Edge', 'Windows'),
    ('Microsoft Edge', 'macOS', false, 'Edge', 'macOS'),
    ('Microsoft Edge', 'Linux', false, 'Edge', 'Linux'),
    ('Microsoft Edge', 'Android', false, 'Edge', 'Android'),
    ('Microsoft Edge', 'iOS', false, 'Edge', 'iOS'),
    ('Safari', 'iOS', false, 'Mobile Safari', 'iOS'),
    ('Chrome', 'Android', false, 'Mobile Chrome', 'Android'),
    ('Chrome', 'iOS', false, 'Mobile Chrome', 'iOS'),
    ('Firefox', 'Android', false, 'Mobile Firefox', 'Android'),
    ('Firefox', 'iOS', false, 'Mobile Firefox', 'iOS')
) AS renamed ("oldType", "oldOS", "isApp", "newType", "newOS")
WHERE device."deviceType" = renamed."oldType"
  AND device."deviceOS" = renamed."oldOS"
  AND device."isApp" = renamed."isApp"
  AND NOT EXISTS (
    SELECT FROM "immich_auth"."known_device" AS other
    WHERE other."userId" = device."userId"
      AND other."deviceType" = renamed."newType"
      AND other."deviceOS" = renamed."newOS"
      AND other."isApp" = renamed."isApp"
  );

-- The Android app says of itself `android`, whatever the device.
UPDATE "immich_auth"."known_device" AS device
SET "deviceOS" = 'android'
WHERE device."isApp"
  AND device."deviceOS" = 'Android'
  AND NOT EXISTS (
    SELECT FROM "immich_auth"."known_device" AS other
    WHERE other."userId" = device."userId"
      AND other."deviceType" = device."deviceType"
      AND other."deviceOS" = 'android'
      AND other."isApp"
  );

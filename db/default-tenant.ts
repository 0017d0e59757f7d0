/** The tenant that exists from the first start on; everything belongs to it until a user adds another. */
export const DEFAULT_TENANT_ID = '00000000-0000-4000-8000-000000000001';

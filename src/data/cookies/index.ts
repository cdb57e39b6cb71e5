export {
  type CookieCipher,
  CookieKeyProperty,
  cookieKey,
} from "../../request/cookies/cookie-key-property.ts";
export { CookieKey } from "./cookie-key.ts";

// A maintained OpenID provider (npm oidc-provider) to sign in at, as a process of its own:
//   node oidc_provider.mjs FOLDER_OF_NODE_MODULES PORT RETURN_URL
// Every name is somebody, every password is right; who is called "nobody" has no group.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, port, returnUrl] = process.argv.slice(2);
const found = createRequire(pathToFileURL(`${folder}/x.js`)).resolve('oidc-provider');
const { default: Provider } = await import(pathToFileURL(found));
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'trabecula', client_secret: 'a secret of the client', redirect_uris: [returnUrl],
    token_endpoint_auth_method: 'client_secret_basic', grant_types: ['authorization_code'], response_types: ['code'],
  }],
  claims: { openid: ['sub', 'groups'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['of this test alone'] },
  findAccount: (_, id) => ({
    accountId: id, claims: () => ({ sub: id, groups: id === 'nobody' ? [] : ['bone-clinic'] }),
  }),
});
provider.listen(Number(port));

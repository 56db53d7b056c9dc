export const words = {
  zh: {
    here: '本机用户', button: '账户', title: '账户与权限', user: '用户', roles: '角色', scopes: '地区范围', everywhere: '全部', acts: '可以', actsNot: '不可以', until: '登录有效至 {time}',
    openMode: '本机直接使用，无需登录；仅限本机访问。', signIn: '登录', signOut: '退出登录', signInTitle: '请先登录', signInWhat: '登录后方可查看测算结果。',
    ended: '登录已失效', endedWhat: '您的修改保留在本页（较基准修改 {n} 项）；重新登录后从原处继续。', goOn: '已登录，继续', token: '访问令牌（由管理员发给）', wrong: '登录未成功：令牌无效、已过期，或用户已停用。', publicLink: '查看已发布的结果',
    lacks: '您的角色不含“{act}”', noProject: '您的角色不含测算', noProjectWhat: '测算由规划人员与分析人员进行。您可以：', openReleases: '打开发布流程', signedOutTo: '退出后本页内容将清除。',
  },
  en: {
    here: 'this machine’s user', button: 'Account', title: 'Account and rights', user: 'User', roles: 'Roles', scopes: 'Scope', everywhere: 'everywhere', acts: 'May', actsNot: 'May not', until: 'Signed in until {time}',
    openMode: 'Used on this machine without signing in; reachable from this machine only.', signIn: 'Sign in', signOut: 'Sign out', signInTitle: 'Please sign in', signInWhat: 'Results are shown to those who have signed in.',
    ended: 'Your session has ended', endedWhat: 'Your changes stay on this page ({n} levers differ from the baseline); sign in again and go on where you were.', goOn: 'Signed in, go on', token: 'Access token (from your administrator)', wrong: 'Not signed in: the token is not valid, has ended, or its user is blocked.', publicLink: 'See released results',
    lacks: 'Your roles do not include “{act}”', noProject: 'Your roles do not include calculating', noProjectWhat: 'Planners and analysts calculate. You may:', openReleases: 'Open release control', signedOutTo: 'Signing out clears this page.',
  },
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Identity;

/// <summary>Gives tokens out and looks at those that come back: each is verified once, then remembered until it expires.</summary>
public sealed class AccessTokens
{
    private readonly ConcurrentDictionary<string, Caller> _valid = new(new TokenComparer());
    private readonly SiteKeys _keys;
    private readonly TimeProvider _time;
    private readonly IdentityOptions _options;
    private volatile OwnToken? _own;

    internal AccessTokens(SiteKeys keys, IOptions<IdentityOptions> options, TimeProvider time)
    {
        _keys = keys;
        _time = time;
        _options = options.Value;
    }

    /// <summary>How many tokens are remembered.</summary>
    internal int Remembered => _valid.Count;

    /// <summary>The token with which this silo's own calls are signed.</summary>
    internal string Own
    {
        get
        {
            var now = _time.GetUtcNow();
            if (_own is { } own && now < own.RenewAt)
            {
                return own.Text;
            }

            // Two at once make two tokens, and both are good.
            var token = Issue(Callers.Site, _options.Site.Value).Token;
            _own = new(token, now + (_options.TokenLifetime / 2));
            return token;
        }
    }

    /// <summary>Makes a token for somebody who has proved who it is.</summary>
    /// <param name="role">One role.</param>
    /// <param name="subject">Who.</param>
    /// <param name="thumbprint">The certificate that proved it; null without.</param>
    public TokenReply Issue(Callers role, string subject, Thumbprint? thumbprint = null)
    {
        // In whole seconds, as tokens say it.
        var now = DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());
        var caller = new Caller(role, subject, thumbprint, now + _options.TokenLifetime);
        return new(AccessToken.Sign(caller, _options.Site, _keys.Own), _options.TokenLifetime.TotalSeconds);
    }

    /// <summary>Who a token says that calls; null if it is not valid, or not any more. Whether that one was shut out since is not looked at.</summary>
    internal ValueTask<Caller?> Find(string token)
    {
        if (!_valid.TryGetValue(token, out var caller))
        {
            return new(Verify(token));
        }

        if (_time.GetUtcNow() < caller.ExpiresAt)
        {
            return new(caller);
        }

        _valid.TryRemove(token, out _);
        return default;
    }

    private async Task<Caller?> Verify(string token)
    {
        if (AccessToken.KeyIdOf(token) is not { } id
            || await _keys.Find(id) is not { } key
            || await AccessToken.Verify(token, _options.Site, key, _time.GetUtcNow()) is not { } caller)
        {
            return null;
        }

        if (_valid.Count >= _options.RememberedTokens)
        {
            Forget();
        }

        _valid[token] = caller;
        return caller;
    }

    /// <summary>
    /// Tokens are looked up by how they end, which is a part of their signature. Only tokens that were found valid are in the dictionary, so nobody
    /// chooses endings that meet there.
    /// </summary>
    private sealed class TokenComparer : IEqualityComparer<string>
    {
        private const int Ending = 16;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => string.GetHashCode(obj.AsSpan(Math.Max(0, obj.Length - Ending)));
    }

    private sealed record OwnToken(string Text, DateTimeOffset RenewAt);

    private void Forget()
    {
        var now = _time.GetUtcNow();
        foreach (var (token, caller) in _valid)
        {
            if (caller.ExpiresAt <= now)
            {
                _valid.TryRemove(token, out _);
            }
        }

        if (_valid.Count >= _options.RememberedTokens)
        {
            // Those that are still used are verified once more.
            _valid.Clear();
        }
    }
}

using System.Net.Sockets;
using System.Security.Authentication;
using Azure;
using Azure.Storage.Blobs.Models;

namespace OrleansEdge.Grains.Storage.Azure;

/// <summary>Turns what the storage service and the network say into one sentence that says what to do.</summary>
internal static class AzureErrors
{
    private const int NoAnswer = 0;

    /// <summary>Whether the service failed; otherwise the caller gave up, or the code is wrong.</summary>
    internal static bool IsFailure(Exception exception, CancellationToken cancellation) => exception switch
    {
        OperationCanceledException => !cancellation.IsCancellationRequested,
        AggregateException aggregate => aggregate.InnerExceptions.All(inner => IsFailure(inner, cancellation)),
        RequestFailedException or IOException or HttpRequestException => true,
        _ => false,
    };

    /// <summary>Whether there is no such blob.</summary>
    internal static bool IsAbsent(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.BlobNotFound || IsContainerAbsent(exception);

    /// <summary>Whether there is no such container.</summary>
    internal static bool IsContainerAbsent(RequestFailedException exception) => exception.ErrorCode == BlobErrorCode.ContainerNotFound;

    /// <summary>Whether a condition did not hold.</summary>
    internal static bool IsConflict(RequestFailedException exception) => exception.Status switch
    {
        412 => exception.ErrorCode != BlobErrorCode.LeaseIdMissing,
        // All else of this status, such as a blob that a policy protects, would be no other at the next attempt.
        409 => exception.ErrorCode == BlobErrorCode.BlobAlreadyExists,
        404 => !IsContainerAbsent(exception),
        _ => false,
    };

    /// <param name="exception">What was thrown.</param>
    /// <param name="account">The address of the account.</param>
    /// <param name="action">What was tried, as in "read 'content/ab'".</param>
    internal static BlobStoreException Explain(Exception exception, string account, string action)
    {
        var last = exception is AggregateException { InnerExceptions: [.., var inner] } ? inner : exception;
        return new(
            last is RequestFailedException { Status: not NoAnswer } failure ? Answered(failure, account, action) : NotAnswered(last, account, action),
            exception)
        {
            IsPassing = last is not RequestFailedException answer || answer.Status is NoAnswer or 429 or >= 500 || answer.ErrorCode == BlobErrorCode.ContainerBeingDeleted,
        };
    }

    private static string Answered(RequestFailedException failure, string account, string action) => failure switch
    {
        { Status: 401 or 403 } =>
            $"The storage account at '{account}' refuses to let this site {action} ({Reason(failure)}): check the account's key or SAS, or give " +
            "the identity the role 'Storage Blob Data Contributor', and compare the clocks.",
        { ErrorCode: "InvalidResourceName" or "OutOfRangeInput" } =>
            $"The storage account at '{account}' refuses a name as it was asked to {action} ({Reason(failure)}): containers have 3 to 63 lower-case " +
            "letters, digits and single hyphens.",
        { ErrorCode: "ContainerBeingDeleted" } =>
            $"The storage account at '{account}' is deleting the container, so it cannot {action}: wait a minute.",
        { Status: 507 } or { ErrorCode: "InsufficientStorage" or "AccountLimitExceeded" } =>
            $"The storage account at '{account}' is full, so it cannot {action}: free some space or raise its limit.",
        { Status: 400 } when failure.ErrorCode is "InvalidHeaderValue" or "UnsupportedHeader" =>
            $"The storage service at '{account}' does not understand the request to {action} ({Reason(failure)}): use a newer Azurite or service.",
        { Status: 429 or 503 } => $"The storage account at '{account}' is too busy to {action} ({Reason(failure)}): wait, or raise its limits.",
        { Status: >= 500 } => $"The storage account at '{account}' failed to {action} ({Reason(failure)}): look at the service's health and its disk.",
        _ => $"The storage account at '{account}' refused to {action} ({Reason(failure)}): look at its settings.",
    };

    private static string NotAnswered(Exception exception, string account, string action)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException socket:
                    return $"The storage account at '{account}' cannot be reached to {action} ({socket.Message}): check the address and the network, " +
                        "and that the service runs.";
                case AuthenticationException:
                    return $"The storage account at '{account}' has no certificate that this machine trusts, so it was not asked to {action}: check the address.";
                case OperationCanceledException:
                    return $"The storage account at '{account}' did not answer in time when asked to {action}: check the network and the service.";
            }
        }

        return $"The connection to the storage account at '{account}' broke when asked to {action} ({FirstLine(exception.Message)}): " +
            "check the address and the network.";
    }

    private static string Reason(RequestFailedException failure) => string.IsNullOrEmpty(failure.ErrorCode) ? $"status {failure.Status}" : failure.ErrorCode;

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r', '.', ' ');
}
